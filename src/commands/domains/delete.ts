import { deleteCommand } from '../../lib/cli/verbs/delete.js';
import { domain } from '../../lib/kinds/domain.js';

export default class DomainsDelete extends deleteCommand(domain) {}
