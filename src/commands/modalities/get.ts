import { getCommand } from '../../lib/cli/verbs/get.js';
import { modality } from '../../lib/kinds/modality.js';

export default class ModalitiesGet extends getCommand(modality) {}
