using SeqCore.Samples.Common;
using SeqCore.Samples.GradientFlow;

return CommandLine.RunOnConsole(args, context => new FlowCommand(context).Create());
