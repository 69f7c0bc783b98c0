import { updateCommand } from '../../lib/cli/verbs/update.js';
import { domain } from '../../lib/kinds/domain.js';

export default class DomainsUpdate extends updateCommand(domain) {}
