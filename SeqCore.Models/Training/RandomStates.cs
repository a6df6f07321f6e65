namespace SeqCore.Models;

/// <summary>Saves the states of random generators to a checkpoint and restores them.</summary>
internal static class RandomStates
{
    /// <summary>Returns the generators that a task was given, then those of its model, each once.</summary>
    internal static RandomGenerator[] Of(Module model, params IEnumerable<RandomGenerator> own) =>
        [.. own.Concat(model.Generators()).Distinct(ReferenceEqualityComparer.Instance).Cast<RandomGenerator>()];

    internal static void Save(CheckpointData checkpoint, ReadOnlySpan<RandomGenerator> generators)
    {
        for (var i = 0; i < generators.Length; i++)
        {
            checkpoint.Set($"random.{i}.seed", generators[i].Seed);
            checkpoint.Set($"random.{i}.counter", generators[i].Counter);
        }
    }

    /// <exception cref="CheckpointException">The states are missing, or the seeds differ.</exception>
    internal static void Restore(CheckpointData checkpoint, ReadOnlySpan<RandomGenerator> generators)
    {
        for (var i = 0; i < generators.Length; i++)
        {
            var seed = checkpoint.GetUInt64($"random.{i}.seed");
            if (seed != generators[i].Seed)
            {
                throw new CheckpointException($"{checkpoint.Source} belongs to another run: random seed {i} is {seed} there and"
                    + $" {generators[i].Seed} here. Hint: use that seed, or another folder.")
                { IsFromAnotherRun = true };
            }

            generators[i].Counter = checkpoint.GetUInt64($"random.{i}.counter");
        }
    }
}
