import { deleteCommand } from '../../lib/cli/verbs/delete.js';
import { number } from '../../lib/kinds/number.js';

export default class NumbersDelete extends deleteCommand(number) {}
