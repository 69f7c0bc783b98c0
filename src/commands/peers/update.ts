import { updateCommand } from '../../lib/cli/verbs/update.js';
import { peer } from '../../lib/kinds/peer.js';

export default class PeersUpdate extends updateCommand(peer) {}
