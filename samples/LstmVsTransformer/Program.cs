using SeqCore.Samples.Common;
using SeqCore.Samples.LstmVsTransformer.Commands;

return CommandLine.RunOnConsole(args, Root.Create);
