import { listCommand } from '../../lib/cli/verbs/list.js';
import { domain } from '../../lib/kinds/domain.js';

export default class DomainsList extends listCommand(domain) {}
