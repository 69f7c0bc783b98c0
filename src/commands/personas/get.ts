import { getCommand } from '../../lib/cli/verbs/get.js';
import { persona } from '../../lib/kinds/persona.js';

export default class PersonasGet extends getCommand(persona) {}
