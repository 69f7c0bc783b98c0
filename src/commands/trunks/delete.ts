import { deleteCommand } from '../../lib/cli/verbs/delete.js';
import { trunk } from '../../lib/kinds/trunk.js';

export default class TrunksDelete extends deleteCommand(trunk) {}
