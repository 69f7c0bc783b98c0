import { listCommand } from '../../lib/cli/verbs/list.js';
import { trunk } from '../../lib/kinds/trunk.js';

export default class TrunksList extends listCommand(trunk) {}
