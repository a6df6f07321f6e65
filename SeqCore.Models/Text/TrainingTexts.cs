namespace SeqCore.Models;

/// <summary>
/// The batches of a task on texts: of similar length, each text once in an epoch. A run goes on from a checkpoint only with the
/// same batch size and seed.
/// </summary>
/// <typeparam name="T">The type of a text.</typeparam>
/// <param name="texts">The texts to train on.</param>
/// <param name="length">Returns the number of tokens of a text.</param>
/// <param name="batchSize">The number of texts in a batch.</param>
/// <param name="seed">The seed of the random orders.</param>
/// <param name="owner">The name of the task in errors.</param>
internal sealed class TrainingTexts<T>(IReadOnlyList<T> texts, Func<T, int> length, int batchSize, ulong seed, string owner)
{
    private readonly ShuffledBatches<T> batches = new(texts, batchSize, seed, length);

    internal int BatchSize => batches.BatchSize;

    internal int BatchesPerPass => batches.BatchesPerPass;

    internal IReadOnlyList<T> Next() => batches.Next();

    /// <summary>Requires that there are texts for training and validation.</summary>
    internal static void RequireSome(int training, int validation, string unit)
    {
        if (training == 0 || validation == 0)
        {
            throw new DataSourceException($"There are {Counted.Of(training, unit)} for training and {validation} for validation;"
                + " at least one of each is needed.");
        }
    }

    internal void Save(CheckpointData checkpoint)
    {
        checkpoint.Set("data.position", batches.Position);
        checkpoint.Set("data.batch_size", (ulong)batches.BatchSize);
        checkpoint.Set("data.seed", seed);
    }

    internal void Restore(CheckpointData checkpoint)
    {
        Require("data.batch_size", (ulong)batches.BatchSize, "batchSize");
        Require("data.seed", seed, "seed");
        batches.Position = checkpoint.GetUInt64("data.position");

        void Require(string name, ulong own, string parameter)
        {
            if (checkpoint.GetUInt64(name) is var saved && saved != own)
            {
                throw new CheckpointException($"{owner}: the checkpoint was trained with {parameter} {saved}; got {own}. Hint: go"
                    + " on with the same, or start in another folder.");
            }
        }
    }
}
