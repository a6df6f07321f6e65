using System.CommandLine;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.CharLanguageModel.Commands;

/// <summary>Measures how well a trained model predicts the last tenth of a text.</summary>
internal sealed class EvaluateCommand() : ModelCommand<LanguageModel>(ModelText.FileKinds, ModelText.Load)
{
    private readonly Option<int> sequence = OptionKinds.Whole("--sequence",
        "Characters in a window; 0 for as many as in training.", 0, 0, 65_536);
    private readonly TextOptions data = new();

    /// <inheritdoc/>
    protected override void AddTo(Command command)
    {
        base.AddTo(command);
        data.AddTo(command);
        command.Options.Add(sequence);
    }

    /// <inheritdoc/>
    protected override void Check(ParseResult result) => data.Name(result);

    /// <inheritdoc/>
    protected override void Run(ParseResult result, TrainedModel<LanguageModel> trained, Context context)
    {
        var terminal = context.Terminal;
        data.TakeFrom(result, trained.Source, trained.Configuration, terminal);
        var name = data.Name(result);
        var corpus = data.Load(result, trained.Model.Tokenizer, terminal, context.Cancellation);
        var length = result.GetValue(sequence);
        if (length == 0)
            length = trained.Number("sequence", trained.Model.MaximumLength ?? 128);
        if (length > trained.Model.MaximumLength)
        {
            throw new UserException($"--sequence should be at most {trained.Model.MaximumLength},"
                + $" as many characters as this model can look back on; got {length}.", isUsage: true);
        }

        var windows = new TokenWindows(corpus.Validation, length);
        using var task = new LanguageModelTask(trained.Model,
            new RandomWindows(corpus.Training, 1, 1, new RandomGenerator(0)), windows)
        {
            EvaluationBatchSize = new TrainingSettings { Sequence = length, Run = new RunSettings { Batch = 1 } }
                .For(trained.Model).EvaluationBatch(trained.Model.VocabularySize),
        };
        if (!data.IsGiven(result))
            trained.RequireData(task.DataHash);
        var loss = task.Evaluate(context.Cancellation);
        var bits = loss / Math.Log(2);
        terminal.Heading($"Validation loss {Show.Loss(loss)} nats per character: {Show.Loss(bits)} bits,"
            + $" perplexity {Show.Loss(Math.Exp(loss))}");
        terminal.Pair("checkpoint", trained.Description);
        terminal.Pair("data", $"{name}, {Show.Count(windows.Count)} windows of {length} characters");
        terminal.Result(("event", "evaluation"), ("iteration", trained.Step), ("data", name), ("windows", windows.Count),
            ("sequence", length), ("validation_loss", loss), ("bits_per_character", bits), ("perplexity", Math.Exp(loss)));
    }
}
