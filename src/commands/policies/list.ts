import { listCommand } from '../../lib/cli/verbs/list.js';
import { policy } from '../../lib/kinds/policy.js';

export default class PoliciesList extends listCommand(policy) {}
