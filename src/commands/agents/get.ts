import { getCommand } from '../../lib/cli/verbs/get.js';
import { agent } from '../../lib/kinds/agent.js';

export default class AgentsGet extends getCommand(agent) {}
