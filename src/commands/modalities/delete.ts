import { deleteCommand } from '../../lib/cli/verbs/delete.js';
import { modality } from '../../lib/kinds/modality.js';

export default class ModalitiesDelete extends deleteCommand(modality) {}
