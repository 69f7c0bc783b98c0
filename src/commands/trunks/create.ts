import { createCommand } from '../../lib/cli/verbs/create.js';
import { trunk } from '../../lib/kinds/trunk.js';

export default class TrunksCreate extends createCommand(trunk) {}
