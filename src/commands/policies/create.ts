import { createCommand } from '../../lib/cli/verbs/create.js';
import { policy } from '../../lib/kinds/policy.js';

export default class PoliciesCreate extends createCommand(policy) {}
