import { updateCommand } from '../../lib/cli/verbs/update.js';
import { number } from '../../lib/kinds/number.js';

export default class NumbersUpdate extends updateCommand(number) {}
