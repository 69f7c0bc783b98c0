import { updateCommand } from '../../lib/cli/verbs/update.js';
import { trunk } from '../../lib/kinds/trunk.js';

export default class TrunksUpdate extends updateCommand(trunk) {}
