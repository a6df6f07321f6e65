namespace SeqCore.Models;

/// <summary>Puts the places of random generators into a checkpoint, and takes them out again.</summary>
internal static class RandomStates
{
    /// <summary>The generators that a task was given, then those of its model, each once.</summary>
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

    /// <exception cref="CheckpointException">They are not there, or had other seeds.</exception>
    internal static void Restore(CheckpointData checkpoint, ReadOnlySpan<RandomGenerator> generators)
    {
        for (var i = 0; i < generators.Length; i++)
        {
            var seed = checkpoint.GetUInt64($"random.{i}.seed");
            if (seed != generators[i].Seed)
            {
                throw new CheckpointException($"{checkpoint.Source} belongs to another run: random seed {i} is {seed} there and"
                    + $" {generators[i].Seed} here. Hint: use that seed, or another folder.")
                { IsOfAnotherRun = true };
            }

            generators[i].Counter = checkpoint.GetUInt64($"random.{i}.counter");
        }
    }
}
