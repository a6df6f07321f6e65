using ILGPU;

namespace SeqCore.Kernels.Crf;

/// <summary>
/// The loss of a sequence, and its gradients, in log space, with a group for each sequence and tags distributed over its threads:
/// the definitions are those of <see cref="CrfSequences"/>. Forward a thread computes l_tj for its tags j, backward p_t(i, j) for
/// its columns j, which it adds to the sums, and then for its rows i.
/// </summary>
internal struct CrfGpuKernel : IGpuKernel
{
    internal CrfGpuScores Scores;
    internal ArrayView<int> Targets;
    internal ArrayView<float> Scales;
    internal ArrayView<float> Losses;
    internal ArrayView<float> DEmissions;

    /// <summary>For each sequence the gradients of transitions, start and end, (K + 2, K); or nothing.</summary>
    internal ArrayView<float> Sums;

    /// <summary>
    /// For each sequence the forward scores, (2, K), the probabilities, (2, K), and for each step (or for one) the largest
    /// exponent of the sum that l is the logarithm of, and the logarithm of the rest, (2, K). They are kept apart, since a large
    /// one would round the other off.
    /// </summary>
    internal ArrayView<float> Memory;

    /// <summary>What was subtracted at each step, (B, T).</summary>
    internal ArrayView<float> Shifts;
    internal int ScaleStride;
    internal float Scale;
    internal int IsBackward;

    public static int GroupSize => 64;

    public readonly void Run()
    {
        int b = Grid.IdxX, k = Scores.Tags, length = Scores.Length(b);
        var memory = b * (4 + 2 * (IsBackward != 0 ? Scores.Steps : 1)) * k;
        var e = b * Scores.Steps * k;
        var sums = b * (k + 2) * k;
        for (var i = Group.IdxX; Sums.Length != 0 && i < (k + 2) * k; i += GroupSize)
            Sums[sums + i] = 0f;
        for (var i = length * k + Group.IdxX; DEmissions.Length != 0 && i < Scores.Steps * k; i += GroupSize)
            DEmissions[e + i] = 0f;
        Group.Barrier();
        if (length == 0)
        {
            if (Group.IdxX == 0 && Losses.Length != 0)
                Losses[b] = 0f;
            return;
        }

        var total = 0.0;
        for (var t = 0; t < length; t++)
        {
            var l = memory + (4 + 2 * (IsBackward != 0 ? t : 0)) * k;
            int a = memory + (t & 1) * k, before = memory + (1 - (t & 1)) * k;
            for (var j = Group.IdxX; j < k; j += GroupSize)
            {
                var largest = t == 0 ? Scores.Start[j] : Largest(before, j);
                var rest = t == 0 || largest == float.NegativeInfinity ? 0f : LogSum(before, j, largest);
                Memory[l + j] = largest;
                Memory[l + k + j] = rest;
                Memory[a + j] = largest + rest + Scores.Emissions[e + t * k + j];
            }

            Group.Barrier();
            var shift = Most(a);
            Group.Barrier();
            for (var j = Group.IdxX; j < k; j += GroupSize)
                Memory[a + j] -= shift;
            if (Group.IdxX == 0 && IsBackward != 0)
                Shifts[b * Scores.Steps + t] = shift;
            total += shift;
            Group.Barrier();
        }

        // The scores of the last step with those of the end.
        int last = memory + ((length - 1) & 1) * k, p = memory + 2 * k;
        for (var j = Group.IdxX; j < k; j += GroupSize)
            Memory[p + j] = Memory[last + j] + Scores.End[j];
        Group.Barrier();
        float max = Most(p), sum = 0f;
        for (var j = 0; j < k; j++)
            sum += FastExp.Of(Memory[p + j] - max);
        Group.Barrier();
        if (Group.IdxX == 0 && Losses.Length != 0)
        {
            // A sum of 0: no tags are allowed.
            var logZ = total + max + (sum == 0f ? float.NegativeInfinity : GpuLog(sum));
            Losses[b] = Loss(b, length, logZ);
        }

        if (IsBackward != 0)
            Backward(b, length, max, sum);
    }

    private readonly float Loss(int b, int length, double logZ)
    {
        if (Targets.Length == 0)
            return (float)logZ;
        int k = Scores.Tags, y = b * Scores.Steps, e = y * k, before = Target(y);
        double score = (double)Scores.Start[before] + Scores.End[Target(y + length - 1)] + Scores.Emissions[e + before];
        for (var t = 1; t < length; t++)
        {
            var tag = Target(y + t);
            score += (double)Scores.Transitions[before * k + tag] + Scores.Emissions[e + t * k + tag];
            before = tag;
        }

        var single = (float)score;
        return single == float.NegativeInfinity ? float.PositiveInfinity : (float)(logZ - score);
    }

    private readonly void Backward(int b, int length, float max, float sum)
    {
        int k = Scores.Tags, memory = b * (4 + 2 * Scores.Steps) * k, e = b * Scores.Steps * k, sums = b * (k + 2) * k;
        int a = memory, p = memory + 2 * k;
        var scale = Scale;
        if (Scales.Length != 0)
            scale *= Scales[b * ScaleStride];
        for (var j = Group.IdxX; j < k; j += GroupSize)
        {
            var value = scale / sum * FastExp.Of(Memory[p + j] - max);
            Memory[p + j] = value;
            if (Sums.Length != 0)
                Sums[sums + (k + 1) * k + j] = value;
        }

        Group.Barrier();
        for (var t = length - 1; t >= 0; t--)
        {
            int now = p + (length - 1 - t & 1) * k, next = p + (length - t & 1) * k, l = memory + (4 + 2 * t) * k;
            for (var j = Group.IdxX; j < k && DEmissions.Length != 0; j += GroupSize)
                DEmissions[e + t * k + j] = Memory[now + j];
            if (t == 0)
            {
                for (var j = Group.IdxX; j < k && Sums.Length != 0; j += GroupSize)
                    Sums[sums + k * k + j] = Memory[now + j];
                continue;
            }

            var shift = Shifts[b * Scores.Steps + t - 1];
            for (var i = Group.IdxX; i < k; i += GroupSize)
            {
                var score = Memory[l - 2 * k + i] + Memory[l - k + i] + Scores.Emissions[e + (t - 1) * k + i];
                Memory[a + i] = score - shift;
            }

            Group.Barrier();
            for (var j = Group.IdxX; j < k && Sums.Length != 0; j += GroupSize)
            {
                for (var i = 0; i < k; i++)
                    Sums[sums + i * k + j] += Pair(a + i, i, j, now, l);
            }

            for (var i = Group.IdxX; i < k; i += GroupSize)
            {
                var probability = 0f;
                for (var j = 0; j < k; j++)
                    probability += Pair(a + i, i, j, now, l);
                Memory[next + i] = probability;
            }

            Group.Barrier();
        }

        Group.Barrier();
        if (Targets.Length != 0 && Group.IdxX == 0)
            TakeTargets(b, length, scale);
    }

    /// <summary>Subtracts what the targets contribute.</summary>
    private readonly void TakeTargets(int b, int length, float scale)
    {
        int k = Scores.Tags, y = b * Scores.Steps, sums = b * (k + 2) * k, before = 0;
        for (var t = 0; t < length; t++)
        {
            var tag = Target(y + t);
            if (DEmissions.Length != 0)
                DEmissions[(y + t) * k + tag] -= scale;
            if (Sums.Length != 0)
            {
                Sums[sums + (t == 0 ? k : before) * k + tag] -= scale;
                if (t == length - 1)
                    Sums[sums + (k + 1) * k + tag] -= scale;
            }

            before = tag;
        }
    }

    // p_t(i, j) = p_t(j) e^(a_i + t_ij - largest_j - rest_j); a tag of probability 0 may have a largest of -infinity.
    private readonly float Pair(int at, int i, int j, int p, int l)
    {
        var probability = Memory[p + j];
        return probability == 0f ? 0f
            : probability * FastExp.Of(
                Memory[at] + Scores.Transitions[i * Scores.Tags + j] - Memory[l + j] - Memory[l + Scores.Tags + j]);
    }

    private readonly float Largest(int a, int j)
    {
        int k = Scores.Tags;
        var max = float.NegativeInfinity;
        for (var i = 0; i < k; i++)
            max = IntrinsicMath.Max(max, Memory[a + i] + Scores.Transitions[i * k + j]);
        return max;
    }

    private readonly float LogSum(int a, int j, float max)
    {
        int k = Scores.Tags;
        var sum = 0f;
        for (var i = 0; i < k; i++)
            sum += FastExp.Of(Memory[a + i] + Scores.Transitions[i * k + j] - max);
        return GpuLog(sum);
    }

    /// <summary>The largest of a row of tags, or 0 if all are -infinity.</summary>
    private readonly float Most(int row)
    {
        var max = float.NegativeInfinity;
        for (var j = 0; j < Scores.Tags; j++)
            max = IntrinsicMath.Max(max, Memory[row + j]);
        return max == float.NegativeInfinity ? 0f : max;
    }

    // A target out of range has been noted.
    private readonly int Target(int at) => IntrinsicMath.Clamp(Targets[at], 0, Scores.Tags - 1);

    private static float GpuLog(float x) => LaneGpu.Log(LaneGpu.Constant(x)).Value;
}
