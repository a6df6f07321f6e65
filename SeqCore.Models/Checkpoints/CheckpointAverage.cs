using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>Averages the weights of checkpoints.</summary>
internal static class CheckpointAverage
{
    /// <summary>Reads the first checkpoint with the average of the weights of all.</summary>
    /// <param name="paths">The paths of checkpoints of one run, newest first, at least one.</param>
    /// <param name="backend">The backend on which the tensors are made, null for the default; they belong to no scope.</param>
    /// <exception cref="CheckpointException">A checkpoint cannot be read, or its weights have other names or shapes.</exception>
    internal static CheckpointData Of(IReadOnlyList<string> paths, Backend? backend)
    {
        var result = CheckpointFolder.Read(paths[0], backend);
        try
        {
            Average(result, paths);
            return result;
        }
        catch
        {
            result.Dispose();
            throw;
        }
    }

    private static void Average(CheckpointData result, IReadOnlyList<string> paths)
    {
        var sums = Weights(result).ToDictionary(w => w.Key, w => Array.ConvertAll(w.Value.ToArray(), x => (double)x));
        foreach (var path in paths.Skip(1))
        {
            using var other = CheckpointFolder.Read(path);
            var weights = Weights(other).ToDictionary();
            if (weights.Count != sums.Count
                || !sums.Keys.All(n => weights.GetValueOrDefault(n)?.Shape.Equals(result.Tensors[n].Shape) is true))
            {
                throw new CheckpointException($"The weights of '{path}' have other names or shapes than those of '{paths[0]}', so"
                    + " they cannot be averaged. Hint: average checkpoints of one run.");
            }

            foreach (var (name, sum) in sums)
            {
                var values = weights[name].ToArray();
                for (var i = 0; i < sum.Length; i++)
                    sum[i] += values[i];
            }
        }

        using var suspension = TensorScope.Suspend();
        foreach (var (name, sum) in sums)
        {
            using var newest = result.Tensors[name];
            result.Tensors[name] = Tensor.FromSpan(Array.ConvertAll(sum, x => (float)(x / paths.Count)), newest.Shape,
                newest.Backend);
        }
    }

    private static IEnumerable<KeyValuePair<string, Tensor>> Weights(CheckpointData checkpoint) =>
        checkpoint.Tensors.Where(t => t.Key.StartsWith(TrainingCheckpoint.ModelPart + ".", StringComparison.Ordinal));
}
