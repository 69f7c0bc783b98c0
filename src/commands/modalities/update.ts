import { updateCommand } from '../../lib/cli/verbs/update.js';
import { modality } from '../../lib/kinds/modality.js';

export default class ModalitiesUpdate extends updateCommand(modality) {}
