import { getCommand } from '../../lib/cli/verbs/get.js';
import { number } from '../../lib/kinds/number.js';

export default class NumbersGet extends getCommand(number) {}
