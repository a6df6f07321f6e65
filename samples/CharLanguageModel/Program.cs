using SeqCore.Samples.CharLanguageModel.Commands;
using SeqCore.Samples.Common;

return CommandLine.RunOnConsole(args, Root.Create);
