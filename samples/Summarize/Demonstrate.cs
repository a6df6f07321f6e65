using System.CommandLine;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.Summarize;

/// <summary>
/// Trains two models on notes whose names, drugs and numbers are new each time, one with copying and one without, and compares
/// what they write.
/// </summary>
internal sealed class DemonstrateCommand : MachineCommand
{
    private const int Shown = 3;
    private const string With = "with copying", Without = "without copying";

    private readonly TrainOptions defaults = new();

    /// <inheritdoc/>
    protected override void AddTo(Command command)
    {
        defaults.AddTo(command);
        Summarizer.AddTo(command, "1");
    }

    /// <inheritdoc/>
    protected override void Run(ParseResult result, Context context, Machine machine)
    {
        var (options, terminal) = (defaults.Read(result), context.Terminal);
        if (options.Resume || options.From is not null || result.IsGiven("--no-copy"))
        {
            throw new UserException("The demonstration trains two models from the beginning, with and without copying. For one"
                + " of your own add the command train.", isUsage: true);
        }

        var (corpus, outcomes) = (Visits.Corpus(), new List<(string Name, Example[] Written)>());
        foreach (var copies in (bool[])[true, false])
        {
            var name = copies ? With : Without;
            var part = copies ? "copy" : "no-copy";
            var folder = options.Out is { } named ? Path.Combine(named, part) : Runs.NewFolder($"summaries-demo-{part}");
            var run = options with { Recurrent = options.Recurrent with { Copies = copies }, Out = folder };
            Runs.Choose(run, folder, ModelText.FileKinds);
            using var training = new SummaryTraining(run, corpus, null, new RandomGenerator(run.Seed), folder,
                context.Cancellation);
            if (training.Run(SummaryOptions.BuiltIn, [], machine, terminal, context.Cancellation) is not var (report, _))
                return;
            report.Print(terminal);
            terminal.Line();
            string[] written = Summarizer.From(result, training.Model, run.Limits, run.LengthPenalty)
                .Summarize([.. corpus.Test.Select(e => e.Source)], context.Cancellation);
            outcomes.Add((name, [.. corpus.Test.Zip(written, (e, w) => e with { Summary = w })]));
        }

        Compare(corpus.Test, outcomes, terminal);
        context.TellMore("-- predict \"...\" for a dialogue of your own, -- train for other texts");
    }

    private static void Compare(IReadOnlyList<Example> visits, List<(string Name, Example[] Written)> outcomes, Terminal terminal)
    {
        foreach (var visit in visits.Take(Shown).Index())
        {
            terminal.Line(string.Join('\n', visit.Item.Text.Split('\n').Select(l => $"  {l}")));
            terminal.Pair("note", visit.Item.Summary);
            foreach (var (name, written) in outcomes)
                terminal.Pair(name == With ? "copying" : "no copying", WeightedText.Plain(written[visit.Index].Summary));
            terminal.Line();
        }

        new Table($"Notes of {visits.Count} new visits", ["", "notes right", "names, drugs and numbers right", "ROUGE-2"],
        [
            .. outcomes.Select(o => (Cell[])
            [
                o.Name, Right(o.Written), Found(o.Written),
                Cell.Of(new Rouge(RougeKind.Rouge2).Score([.. o.Written.Select(w => w.Summary)],
                    (IReadOnlyList<string>)[.. visits.Select(v => v.Summary)]), s => s.ToString("0.0",
                        System.Globalization.CultureInfo.InvariantCulture)),
            ]),
        ]).Print(terminal);

        Cell Right(Example[] written) => Share(visits.Zip(written).Count(p =>
            p.First.Summary.Equals(p.Second.Summary, StringComparison.OrdinalIgnoreCase)), visits.Count);

        // A rare word is right if the note has it too, so what is counted is whether it was copied from the dialogue.
        Cell Found(Example[] written)
        {
            var wanted = visits.Zip(written, (v, w) => Visits.RareWords(v).Select(r =>
                Words(w.Summary).Contains(r, StringComparer.OrdinalIgnoreCase)))
                .SelectMany(w => w).ToArray();
            return Share(wanted.Count(w => w), wanted.Length);
        }

        static Cell Share(int part, int whole) => new($"{Show.Count(part)} of {Show.Count(whole)}", (double)part / whole);

        static string[] Words(string text) => [.. text.Split(' ').Select(w => w.TrimEnd('.'))];
    }
}
