import { EditCommand } from '../lib/cli/config/edit.js';

export default class Edit extends EditCommand {}
