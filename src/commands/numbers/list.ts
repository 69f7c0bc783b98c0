import { listCommand } from '../../lib/cli/verbs/list.js';
import { number } from '../../lib/kinds/number.js';

export default class NumbersList extends listCommand(number) {}
