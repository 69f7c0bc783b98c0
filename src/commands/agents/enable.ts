import { toggleCommand } from '../../lib/cli/verbs/toggle.js';
import { agent } from '../../lib/kinds/agent.js';

export default class AgentsEnable extends toggleCommand(agent, 'enable') {}
