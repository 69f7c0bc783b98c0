import { listCommand } from '../../lib/cli/verbs/list.js';
import { agent } from '../../lib/kinds/agent.js';

export default class AgentsList extends listCommand(agent) {}
