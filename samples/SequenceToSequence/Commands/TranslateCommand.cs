using System.CommandLine;
using SeqCore.Samples.Common;
using SeqCore.Samples.SequenceToSequence.Translation;

namespace SeqCore.Samples.SequenceToSequence.Commands;

/// <summary>Translates texts with a trained model.</summary>
internal sealed class TranslateCommand
{
    private readonly Argument<string[]> texts = new("TEXT") { Description = "What to translate, each in quotation marks.", Arity = ArgumentArity.OneOrMore };
    private readonly Option<string?> checkpoint = OptionKinds.Text("--checkpoint", "A checkpoint, or a folder with some. [default: the newest under runs]", "PATH");
    private readonly Option<string?> attention = OptionKinds.Text("--attention", "Write an HTML page of what the model looks at.", "FILE");
    private readonly DecodingOptions decoding = new();
    private readonly MachineOptions machine = new();

    /// <summary>The command <c>translate</c>.</summary>
    public static Command Create(Context context)
    {
        var self = new TranslateCommand();
        var command = new Command("translate", "Translate texts with a trained model.");
        command.Aliases.Add("generate");
        command.Arguments.Add(self.texts);
        command.Options.Add(self.checkpoint);
        self.decoding.AddTo(command);
        command.Options.Add(self.attention);
        self.machine.AddTo(command);
        command.SetAction(result => self.Run(result, context));
        return command;
    }

    private int Run(ParseResult result, Context context)
    {
        var terminal = context.Terminal.With(machine.Json(result));
        using var opened = machine.Open(result);
        using var loaded = new LoadedModel(result.GetValue(checkpoint), terminal);
        var written = result.GetValue(texts)!;
        int[][] sources = [.. written.Select(t => Encode(t, loaded.Form))];
        var translations = new Translator(loaded.Model, loaded.Form, decoding.Read(result)).TranslateAll(sources, context.Cancellation);
        var page = result.GetValue(attention) is { } path
            ? AlignmentPage.Write(path, loaded.Form, [.. sources.Zip(translations, (s, t) => Alignment.Of(loaded.Model, loaded.Form, s, t[0]))], isWanted: true)
            : null;
        for (var i = 0; i < written.Length; i++)
            Tell(written[i], translations[i], terminal);
        if (page is not null)
            terminal.Error.WriteLine($"Attention: {page}");
        return ExitCode.Done;
    }

    private static void Tell(string source, IReadOnlyList<Translated> found, Terminal terminal)
    {
        terminal.Line(found[0].Text);
        foreach (var other in found.Skip(1))
            terminal.Line($"  or {other.Text}");
        foreach (var one in found)
        {
            terminal.Result(("event", "translation"), ("source", source), ("text", one.Text), ("log_probability", one.LogProbability), ("complete", one.IsComplete));
        }
    }

    private static int[] Encode(string text, ModelForm form)
    {
        var tokens = form.Vocabularies.Source.Encode(text.Trim());
        if (tokens.Length == 0 || tokens.Length > form.Sequence)
            throw new UserException($"A text to translate should have 1 to {form.Sequence} {form.Level}; '{text}' has {tokens.Length}.", isUsage: true);
        return tokens;
    }
}
