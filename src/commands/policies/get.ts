import { getCommand } from '../../lib/cli/verbs/get.js';
import { policy } from '../../lib/kinds/policy.js';

export default class PoliciesGet extends getCommand(policy) {}
