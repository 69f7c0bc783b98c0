import { getCommand } from '../../lib/cli/verbs/get.js';
import { domain } from '../../lib/kinds/domain.js';

export default class DomainsGet extends getCommand(domain) {}
