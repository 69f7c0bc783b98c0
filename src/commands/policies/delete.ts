import { deleteCommand } from '../../lib/cli/verbs/delete.js';
import { policy } from '../../lib/kinds/policy.js';

export default class PoliciesDelete extends deleteCommand(policy) {}
