import { getCommand } from '../../lib/cli/verbs/get.js';
import { peer } from '../../lib/kinds/peer.js';

export default class PeersGet extends getCommand(peer) {}
