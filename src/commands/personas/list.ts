import { listCommand } from '../../lib/cli/verbs/list.js';
import { persona } from '../../lib/kinds/persona.js';

export default class PersonasList extends listCommand(persona) {}
