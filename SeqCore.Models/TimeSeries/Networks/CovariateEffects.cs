namespace SeqCore.Models;

/// <summary>
/// What the covariates of each step of a forecast add to it, given the state r of the network after the window: y_h = W tanh(U r
/// + V x_h + b) + c with the covariates x_h of step h. The same weights serve every step. Parameters: <c>state.weight</c> U (H,
/// H), <c>covariates.weight</c> V (H, K), <c>covariates.bias</c> b (H), <c>head.weight</c> W (C, H), <c>head.bias</c> c (C).
/// </summary>
internal sealed class CovariateEffects : Module
{
    private readonly Linear state, covariates, head;

    internal CovariateEffects(int stateSize, int covariateCount, int channels, RandomGenerator random)
    {
        state = Register("state", new Linear(stateSize, stateSize, random, bias: false));
        covariates = Register("covariates", new Linear(covariateCount, stateSize, random));
        head = Register("head", new Linear(stateSize, channels, random));
    }

    /// <param name="read">The state, shape (B, H).</param>
    /// <param name="known">The covariates of all steps, those of the forecast at the end, shape (B, L + H, K).</param>
    /// <param name="forecast">The forecast without them, shape (B, H, C).</param>
    internal Variable AddTo(Variable forecast, Variable read, Variable known)
    {
        var ahead = known.Slice(1, known.Shape[1] - forecast.Shape[1], forecast.Shape[1]);
        return forecast + head.Forward((state.Forward(read).Unsqueeze(1) + covariates.Forward(ahead)).Tanh());
    }
}
