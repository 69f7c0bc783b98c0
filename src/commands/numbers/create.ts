import { createCommand } from '../../lib/cli/verbs/create.js';
import { number } from '../../lib/kinds/number.js';

export default class NumbersCreate extends createCommand(number) {}
