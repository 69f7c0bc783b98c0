import { createCommand } from '../../lib/cli/verbs/create.js';
import { domain } from '../../lib/kinds/domain.js';

export default class DomainsCreate extends createCommand(domain) {}
