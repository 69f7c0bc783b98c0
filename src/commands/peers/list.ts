import { listCommand } from '../../lib/cli/verbs/list.js';
import { peer } from '../../lib/kinds/peer.js';

export default class PeersList extends listCommand(peer) {}
