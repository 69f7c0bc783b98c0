import { listCommand } from '../../lib/cli/verbs/list.js';
import { modality } from '../../lib/kinds/modality.js';

export default class ModalitiesList extends listCommand(modality) {}
