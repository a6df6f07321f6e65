using SeqCore.Samples.Common;
using SeqCore.Samples.SequenceToSequence.Commands;

return CommandLine.RunOnConsole(args, Root.Create);
