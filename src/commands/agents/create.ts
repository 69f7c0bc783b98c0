import { createCommand } from '../../lib/cli/verbs/create.js';
import { agent } from '../../lib/kinds/agent.js';

export default class AgentsCreate extends createCommand(agent) {}
