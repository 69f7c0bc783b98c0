import { deleteCommand } from '../../lib/cli/verbs/delete.js';
import { persona } from '../../lib/kinds/persona.js';

export default class PersonasDelete extends deleteCommand(persona) {}
