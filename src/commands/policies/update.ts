import { updateCommand } from '../../lib/cli/verbs/update.js';
import { policy } from '../../lib/kinds/policy.js';

export default class PoliciesUpdate extends updateCommand(policy) {}
