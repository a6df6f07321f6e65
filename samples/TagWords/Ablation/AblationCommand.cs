using System.CommandLine;
using System.Text.Json;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.TagWords;

/// <summary>
/// Trains a model with and without characters and a conditional random field, and a Transformer, with several seeds each, and
/// prints one table. Runs that are done already are not done again.
/// </summary>
internal sealed class AblationCommand : MachineCommand
{
    private readonly TagOptions data = new();
    private readonly TrainOptions defaults = new();
    private readonly Option<int> seeds = OptionKinds.Whole("--seeds",
        "Number of runs of each model: with --seed, with the next whole number, and so on.", 3, 1, 1000);
    private readonly Option<string> part = OptionKinds.Choice("--part",
        "Which sentences to score; validation as long as options are still being chosen.", "test", "test", "validation");

    /// <inheritdoc/>
    protected override void AddTo(Command command)
    {
        ArgumentNullException.ThrowIfNull(command);
        data.AddTo(command);
        defaults.AddTo(command);
        command.StartGroup("Runs");
        command.Options.Add(seeds);
        command.Options.Add(part);
    }

    /// <inheritdoc/>
    protected override void Run(ParseResult result, Context context, Machine machine)
    {
        result.Refuse(o => $"{o} does not go with ablation, which trains its models from the beginning; leave it out.", "--from",
            "--checkpoint-every");
        result.Refuse(o => $"{o} does not go with ablation, which trains models with and without it; leave it out.", "--crf");
        var terminal = context.Terminal;
        var options = (data.Set(result)?.Defaults ?? defaults).Read(result);
        if (options.Model.CharacterFeatures == 0)
        {
            throw new UserException("--characters should be at least 1 here: models without characters are trained too.",
                isUsage: true);
        }

        options = options with { Model = options.Model with { HasCrf = true } };
        var (name, split) = (data.Name(result), data.SplitSeed(result));
        var sentences = data.Load(result, null, split, null, terminal, context.Cancellation);
        var which = result.GetValue(part)!;
        if (options.Refits && which == "validation")
        {
            throw new UserException("--refit trains on the sentences for validation, so it does not go with --part validation.",
                isUsage: true);
        }

        using var encoder = ModelText.Open(options.EncoderFrom, terminal);
        sentences = options.Refits ? sentences.Refitted() : sentences;
        options = options.With(encoder, result).For(sentences.Training.Count);
        if (sentences.Part(which).Count == 0)
        {
            throw new UserException("The data have no sentences for tests. Name a file with --test, or add --part validation.",
                isUsage: true);
        }

        var folder = options.Out ?? Path.Combine(Runs.Folder, $"tag-ablation-{name}");

        // Two programs would write the same lines.
        using var taken = new RunFolder(folder);
        var rows = AblationRow.All(options.Model);
        var file = new ResultsFile<AblationRun>(folder, AblationRun.EarlierFile);
        var description = $"{name}: {sentences.Description}; {Show.Count(options.Iterations)} iterations of {options.Batch}.";
        terminal.Heading("What each part of a tagger is good for");
        terminal.Pair("data", description);
        terminal.Pair("machine", machine.Description);
        terminal.Pair("results", file.Location);
        terminal.Line();
        ulong[] all = [.. Enumerable.Range(0, result.GetValue(seeds)).Select(i => options.Seed + (ulong)i)];
        var runs = new List<AblationRun>();
        foreach (var seed in all)
        {
            foreach (var row in rows)
            {
                var own = row.Of(options with { Seed = seed });
                var recorded = Configuration(own, sentences, which, split);
                if (file.Find(row.Name, seed, recorded) is { } done)
                {
                    runs.Add(done);
                    Report(done, " (done before)");
                    continue;
                }

                var progress = Progress(row.Name, seed, own, terminal);
                if (AblationRun.Of(row.Name, own, recorded, sentences, which, encoder, progress, context.Cancellation)
                    is not { } run)
                {
                    terminal.Paragraph($"Stopped. The same command continues with {row.Name}, seed {seed}.");
                    return;
                }

                file.Add(run);
                runs.Add(run);
                Report(run, "");
            }
        }

        var report = new AblationReport(name, which, [.. rows.SelectMany(r => runs.Where(o => o.Row == r.Name))]);
        report.Scores.Print(terminal);
        report.Sizes.Print(terminal);
        var page = Path.Combine(folder, "ablation.html");
        report.WritePage(page, description);
        terminal.Line();
        terminal.Pair("page", page);

        void Report(AblationRun run, string note)
        {
            terminal.Line($"  {run.Row}, seed {run.Seed}: {Show.Percent(run.Main)}, {Show.Time(run.Seconds)}{note}");
            terminal.Result(("event", "run"), ("model", run.Row), ("seed", run.Seed), ("accuracy", run.Accuracy),
                ("span_f1", run.SpanF1), ("unknown_accuracy", run.UnknownAccuracy), ("validation_score", run.ValidationScore),
                ("parameters", run.Parameters), ("seconds", run.Seconds));
        }
    }

    /// <summary>Shows evaluations on a terminal only, where the next one takes the place of the last.</summary>
    private static Action<Evaluated>? Progress(string name, ulong seed, TrainOptions options, Terminal terminal)
    {
        return terminal.IsLive ? Write : null;

        void Write(Evaluated evaluation)
        {
            terminal.Messages.Write($"\r  {name}, seed {seed}: {Show.Share((int)evaluation.Step, options.Iterations)}   \r");
            terminal.Messages.Flush();
        }
    }

    /// <summary>Everything that the scores of a model depend on besides the seed.</summary>
    private static IReadOnlyDictionary<string, string> Configuration(TrainOptions options, TagData data, string part,
        ulong split) =>
        ResultsFile.Options(options.NewTrainerOptions("",
            [("data", data.Name), ("sentences", data.Training.Count), ("part", part), .. options.Recorded,
            (TagOptions.SplitSeedName, split), ("scheme", data.Scheme), ("iterations", options.Iterations),
            ("evaluate_every", options.EvalEvery), ("patience", options.Patience), ("choose_by", options.ChoosesByLoss),
            ("lowercase", options.IsLowercase), ("minimum_frequency", options.MinimumFrequency),
            ("files", string.Join(' ', data.Card.Select(c => c.Sha256 ?? c.Name).Distinct())),
            ("model", JsonSerializer.Serialize(options.Model)),
        ]));
}
