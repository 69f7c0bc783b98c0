import { deleteCommand } from '../../lib/cli/verbs/delete.js';
import { peer } from '../../lib/kinds/peer.js';

export default class PeersDelete extends deleteCommand(peer) {}
