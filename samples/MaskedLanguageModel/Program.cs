using SeqCore.Samples.Common;
using SeqCore.Samples.MaskedLanguageModel.Commands;

return CommandLine.RunOnConsole(args, Root.Create);
