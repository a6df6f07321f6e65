namespace SeqCore.Kernels;

/// <summary>Four integers, or the bits of four numbers, in a thread's registers.</summary>
internal struct Int4
{
    internal int X;
    internal int Y;
    internal int Z;
    internal int W;

    internal Int4(int x, int y, int z, int w)
    {
        X = x;
        Y = y;
        Z = z;
        W = w;
    }
}
