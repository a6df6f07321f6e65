namespace SeqCore.Models;

/// <summary>
/// Exponential smoothing of series as operations of variables, so that gradients reach its coefficients and the initial season:
/// <code>
/// l_t = alpha y_t / s_t + (1 - alpha) l_(t-1), and l_0 = y_0 / s_0
/// s_(t+m) = gamma y_t / l_t + (1 - gamma) s_t
/// </code>
/// </summary>
internal static class SmoothingRecursion
{
    /// <param name="values">The values y, shape (B, T), above 0.</param>
    /// <param name="alpha">The smoothing of the level, shape (B, 1), in (0, 1).</param>
    /// <param name="gamma">The smoothing of the season, shape (B, 1), in (0, 1); null without a season.</param>
    /// <param name="initial">The first season, s_0 to s_(m-1), shape (B, m), above 0; null without a season.</param>
    /// <returns>The levels l, shape (B, T), and the seasons s, shape (B, T + m); null without a season.</returns>
    internal static (Variable Levels, Variable? Seasons) Run(Tensor values, Variable alpha, Variable? gamma, Variable? initial)
    {
        var steps = new Variable(values).Split(1, 1);
        var levels = new Variable[steps.Length];
        List<Variable> seasons = initial is null ? [] : [.. initial.Split(1, 1)];
        for (var t = 0; t < levels.Length; t++)
        {
            var adjusted = initial is null ? steps[t] : steps[t] / seasons[t];
            levels[t] = t == 0 ? adjusted : levels[t - 1] + (alpha * (adjusted - levels[t - 1]));
            if (gamma is not null)
                seasons.Add(seasons[t] + (gamma * ((steps[t] / levels[t]) - seasons[t])));
        }

        return (Variable.Concat(levels, 1), initial is null ? null : Variable.Concat([.. seasons], 1));
    }
}
