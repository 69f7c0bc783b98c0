import { createCommand } from '../../lib/cli/verbs/create.js';
import { persona } from '../../lib/kinds/persona.js';

export default class PersonasCreate extends createCommand(persona) {}
