import { createCommand } from '../../lib/cli/verbs/create.js';
import { modality } from '../../lib/kinds/modality.js';

export default class ModalitiesCreate extends createCommand(modality) {}
