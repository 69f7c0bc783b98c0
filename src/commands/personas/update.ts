import { updateCommand } from '../../lib/cli/verbs/update.js';
import { persona } from '../../lib/kinds/persona.js';

export default class PersonasUpdate extends updateCommand(persona) {}
