namespace SeqCore.Models;

/// <summary>
/// The order of a task's examples: batches of similar length, each example once in an epoch. A run goes on from a checkpoint only
/// with the same batch size and seed.
/// </summary>
/// <param name="lengths">The length of each example, such as its number of tokens.</param>
/// <param name="batchSize">The number of examples in a batch.</param>
/// <param name="seed">The seed of the random orders.</param>
/// <param name="owner">The name of the task in errors.</param>
/// <param name="mixesEqual">Whether examples of equal length stay shuffled (<see cref="ShuffledOrder"/>).</param>
internal sealed class TrainingExamples(IReadOnlyList<int> lengths, int batchSize, ulong seed, string owner,
    bool mixesEqual = false)
{
    private readonly ShuffledBatches<int> batches =
        new([.. Enumerable.Range(0, lengths.Count)], batchSize, seed, i => lengths[i], mixesEqual);

    internal int BatchSize => batches.BatchSize;

    internal int BatchesPerPass => batches.BatchesPerPass;

    /// <summary>Returns the indices of the examples of the next batch.</summary>
    internal IReadOnlyList<int> Next() => batches.Next();

    /// <summary>Requires that there are examples for training and validation.</summary>
    /// <param name="training">The number of examples for training.</param>
    /// <param name="validation">The number of examples for validation.</param>
    /// <param name="unit">What an example is called: "text".</param>
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
