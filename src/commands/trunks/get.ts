import { getCommand } from '../../lib/cli/verbs/get.js';
import { trunk } from '../../lib/kinds/trunk.js';

export default class TrunksGet extends getCommand(trunk) {}
